import type { DefaultTreeAdapterMap } from 'parse5';
import { parserOfPages } from '../packages.ts';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

/** A field of a form. */
export interface Field {
  readonly name: string;
  /** As in HTML; 'select' and 'textarea' for those. */
  readonly type: string;
  readonly value: string;
  readonly required: boolean;
  /** The words of a select's options that can be sent. */
  readonly options: readonly string[];
}

/** A form of a page, or with `method` of GET a link. */
export interface Form {
  /** As written in the page; the page's own address when it has none. */
  readonly action: string;
  readonly method: string;
  readonly multipart: boolean;
  readonly fields: readonly Field[];
  /** The text of the form and its buttons, in lower case. */
  readonly words: string;
}

export interface Link {
  readonly href: string;
  readonly words: string;
}

/** The parts of a page that a visitor can use. */
export interface Page {
  readonly forms: readonly Form[];
  readonly links: readonly Link[];
  /** Stylesheets, scripts and pictures. */
  readonly files: readonly string[];
  /** The content of <meta name="csrf-token">. */
  readonly metaToken: string | undefined;
  readonly title: string;
}

/**
 * Reads a page as a browser does. parse5 was chosen because it follows the HTML standard also for invalid pages, and is the
 * lightest of those that do (0.9 MB with its one dependency).
 */
export function readPage(html: string): Page {
  const elements: Element[] = [];
  collect(parserOfPages().parse(html), elements);
  const withName = (...names: string[]) => elements.filter(({ tagName }) => names.includes(tagName));
  const loose = withName('input', 'select', 'textarea', 'button');
  return {
    forms: withName('form').map((form) => readForm(form, loose)),
    links: withName('a', 'area')
      .map((link) => ({ href: attribute(link, 'href') ?? '', words: textOf(link).toLowerCase() }))
      .filter(({ href }) => href !== '' && !/^(?:#|mailto:|tel:|javascript:|data:)/i.test(href)),
    files: [
      ...withName('link')
        .filter((link) => /stylesheet|icon/.test(attribute(link, 'rel') ?? ''))
        .map((link) => attribute(link, 'href')),
      ...withName('script', 'img').map((each) => attribute(each, 'src')),
    ].filter((each): each is string => Boolean(each)),
    metaToken: withName('meta')
      .filter((meta) => /csrf|xsrf/i.test(attribute(meta, 'name') ?? ''))
      .map((meta) => attribute(meta, 'content'))[0],
    title: textOf(withName('title')[0]),
  };
}

function collect(node: Node, into: Element[]): void {
  if ('tagName' in node) into.push(node);
  if ('content' in node) return;
  if ('childNodes' in node) for (const child of node.childNodes) collect(child, into);
}

function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((each) => each.name === name)?.value;
}

function textOf(node: Node | undefined): string {
  if (!node) return '';
  if ('value' in node && node.nodeName === '#text') return node.value.replace(/\s+/g, ' ');
  return 'childNodes' in node ? node.childNodes.map(textOf).join('').trim() : '';
}

function isWithin(element: Element, form: Element): boolean {
  for (let at: unknown = element.parentNode; at; at = (at as Element).parentNode)
    if (at === form) return true;
  return false;
}

function readForm(form: Element, loose: readonly Element[]): Form {
  const id = attribute(form, 'id');
  const own = loose.filter((each) => {
    const owner = attribute(each, 'form');
    return owner ? owner === id : isWithin(each, form);
  });
  const buttons = own.filter(isButton);
  const labels = buttons.map((each) => attribute(each, 'value') ?? textOf(each));
  return {
    action: attribute(form, 'action') ?? '',
    method: (attribute(form, 'method') ?? 'get').toUpperCase(),
    multipart: attribute(form, 'enctype') === 'multipart/form-data',
    fields: own.flatMap(readField),
    words: [...labels, id, attribute(form, 'class'), attribute(form, 'name')]
      .filter(Boolean)
      .join(' ')
      .toLowerCase(),
  };
}

const isButton = (element: Element) =>
  element.tagName === 'button' || /^(?:submit|image|button)$/i.test(attribute(element, 'type') ?? '');

function readField(element: Element): Field[] {
  const name = attribute(element, 'name');
  if (!name || attribute(element, 'disabled') !== undefined) return [];
  const type =
    element.tagName === 'input' ? (attribute(element, 'type') ?? 'text').toLowerCase() : element.tagName;
  // A button without a value sends nothing useful.
  if (isButton(element) && !attribute(element, 'value')) return [];
  const options = element.tagName === 'select' ? optionsOf(element) : [];
  return [
    {
      name,
      type: isButton(element) ? 'submit' : type,
      value: element.tagName === 'textarea' ? textOf(element) : (attribute(element, 'value') ?? ''),
      required: attribute(element, 'required') !== undefined,
      options,
    },
  ];
}

function optionsOf(select: Element): string[] {
  const found: Element[] = [];
  collect(select, found);
  return found
    .filter(({ tagName }) => tagName === 'option')
    .map((option) => attribute(option, 'value') ?? textOf(option))
    .filter(Boolean);
}
