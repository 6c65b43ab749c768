import type { Ended } from './hosted.ts';

/** @throws {Error} with what was seen, when a program ended otherwise, printed something else, or left processes */
export function mustEnd({ code, left, said }: Ended, wanted: number, says: RegExp): void {
  const wrong = [
    code === wanted ? '' : `it ended with ${code} in place of ${wanted}`,
    left === 0 ? '' : `${left} of its processes still ran after it`,
    says.test(said) ? '' : `it does not say ${says}`,
  ].filter(Boolean);
  if (wrong.length > 0) throw new Error(`${wrong.join(', ')}. It said:\n${said}`);
}
