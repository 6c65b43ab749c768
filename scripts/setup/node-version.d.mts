export const OLDEST_NODE: string;
export function nodeTooOld(version: string): string | undefined;
