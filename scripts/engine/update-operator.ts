import { type Doc, type Found, show, type Value } from './values.ts';

/** The new value of one field, from its old value and the whole document before the update; undefined removes the field. */
export type Alter = (old: Found, before: Doc) => Found;

/** Checks the operand of an operator for a field, and returns the change. @throws {CommandError} for what mongod refuses */
export type Operator = (operand: Value, field: string) => Alter;

/** A document as mongod's error messages name it. */
export const idOf = (doc: Doc): string => `{_id: ${show(doc.get('_id'))}}`;
