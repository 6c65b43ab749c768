export class NotCompiled extends Error {}
export function compiledCommands(root: string): Promise<string>;
export function workshopAt(
  root: string,
  folder: string,
): {
  placeOf(path: string): { filename: string; dirname: string; url: string };
  compiled(file: string): string;
};
