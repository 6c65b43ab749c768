/**
 * Resolves when this process is asked to end: by Ctrl+C, SIGTERM or SIGHUP. Windows has no SIGTERM, so the message
 * 'shutdown' from the process that started this one counts as well, and so does the end of that process.
 */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    process.on('message', (message) => message === 'shutdown' && resolve());
    process.once('disconnect', () => resolve());
  });
}
