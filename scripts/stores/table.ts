import chalk from 'chalk';
import { type Row, renderTable } from '../shared/figures-table.ts';
import { BEHAVIOURS } from './behaviours/index.ts';
import { type Behaviour, GROUPS } from './kit/behaviour.ts';
import { type Cell, isTooBusy } from './kit/cell.ts';
import type { Measured, StoreResult } from './measured.ts';

/** The mark before a cell: ✓ right, ✗ an app depends on it, ! useful, – not tested. */
export function mark(cell: Cell | undefined, { must }: Behaviour): string {
  if (cell === undefined || cell.verdict === 'untested') return '–';
  if (cell.verdict === 'ok') return '✓';
  return must ? '✗' : '!';
}

/** The behaviours that an app depends on and the store fails. */
export function failedMusts({ cells }: StoreResult): Behaviour[] {
  return BEHAVIOURS.filter(({ id, must }) => must && cells[id]?.verdict === 'bad');
}

/** The behaviours for which the machine was too busy. */
export function busyCells({ cells }: StoreResult): Behaviour[] {
  return BEHAVIOURS.filter(({ id }) => isTooBusy(cells[id]));
}

/** One table for each group, for a terminal: a row for each behaviour, a column for each store. */
export function tables({ stores }: Measured): string {
  const columns = [
    { key: 'behaviour', title: '' },
    ...stores.map(({ name }) => ({ key: name, title: name })),
  ];
  return Object.entries(GROUPS)
    .map(([group, title]) => {
      const rows = BEHAVIOURS.filter((behaviour) => behaviour.group === group).map((behaviour): Row => {
        const cells = stores.map(({ name, cells }) => [
          name,
          `${mark(cells[behaviour.id], behaviour)} ${cells[behaviour.id]?.short ?? ''}`,
        ]);
        return { behaviour: behaviour.title, ...Object.fromEntries(cells) };
      });
      return `  ${chalk.bold(title)}\n${renderTable(columns, rows)}`;
    })
    .join('\n\n');
}

/** The failures of each store, with the evidence. */
export function failures({ stores }: Measured): string {
  return stores
    .map((store) => {
      const failed = BEHAVIOURS.filter(({ id }) => store.cells[id]?.verdict === 'bad');
      const lines = failed.map((behaviour) => {
        const { evidence = '' } = store.cells[behaviour.id] ?? {};
        return `  ${mark(store.cells[behaviour.id], behaviour)} ${chalk.bold(behaviour.title)} (lesson ${behaviour.lesson}): ${evidence}\n      ${chalk.dim(behaviour.trap)}`;
      });
      const on = [...store.versions, store.backend].join(', ');
      return `  ${chalk.bold(store.title)}  ${chalk.dim(on)}\n${lines.join('\n') || '  Nothing is wrong with it.'}`;
    })
    .join('\n\n');
}
