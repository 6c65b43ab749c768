import { type Doc, type Found, show, type Value } from './values.ts';

/** What an update makes of one field, from what is there and from the whole document as it was; undefined leaves nothing there. */
export type Alter = (old: Found, before: Doc) => Found;

/** Checks what an operator is given for a field and says what it does there. @throws {CommandError} for what mongod refuses */
export type Operator = (operand: Value, field: string) => Alter;

/** A document as mongod's complaints about it name it. */
export const idOf = (doc: Doc): string => `{_id: ${show(doc.get('_id'))}}`;
