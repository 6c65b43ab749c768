export class NotPrepared extends Error {}
export function preparedFolder(root: string, what: string, files: readonly string[]): string;
export function openDraft(folder: string): string;
export function settleDraft(draft: string, folder: string): void;
export function dropDraft(draft: string, error: unknown): NotPrepared;
