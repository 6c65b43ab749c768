import { randomInt } from 'node:crypto';

/** Without vowels no words appear; 0, 1, I, L and O are easily confused. */
const LETTERS = 'BCDFGHJKMNPQRSTVWXYZ23456789';
const LENGTH = 6;

/** The code of a new class: six letters and digits. */
export function makeCode(): string {
  return random(LENGTH);
}

/** The code as it is shown and read aloud: 'KQ7-M2F'. */
export function formatCode(code: string): string {
  return `${code.slice(0, 3)}-${code.slice(3)}`;
}

/** A typed code: with or without the dash, in upper or lower case. */
export function readCode(typed: unknown): string {
  return typeof typed === 'string' ? typed.toUpperCase().replace(/[\s-]/g, '') : '';
}

/** A password that can be read from a screen and typed: four groups of four, 76 bits. */
export function makePassword(): string {
  return Array.from({ length: 4 }, () => random(4).toLowerCase()).join('-');
}

function random(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}
