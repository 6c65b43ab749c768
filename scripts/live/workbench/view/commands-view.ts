import type { SeenExchange } from '../xray/exchange.ts';
import { type Html, html } from './html.ts';

/** The commands of an exchange, in their order. */
export function commandsView({ commands, inside }: SeenExchange): Html {
  if (commands.length === 0) {
    const memory = inside?.store === 'MemoryStore';
    return html`<p class="nothing">${memory ? 'Nothing: MemoryStore keeps its sessions in the process.' : 'No command.'}</p>`;
  }
  return html`<ol class="commands">${commands.map(
    ({ name, detail, writes, ms, result, late }) => html`<li class="${writes ? 'writes' : 'reads'}">
<details><summary><b>${name}</b> <span class="chip">${result}</span> <span class="ms">${ms === undefined ? 'no answer' : `${ms.toFixed(1)} ms`}</span>${late && html` <span class="chip">after the answer</span>`}</summary><code>${detail}</code></details></li>`,
  )}</ol>`;
}
