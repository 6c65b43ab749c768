/**
 * Resolves when whoever runs this process wants it to end: Ctrl+C, SIGTERM or SIGHUP. Windows has no SIGTERM, so the message
 * 'shutdown' from the process that started this one counts as well, and that one's end.
 */
export function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    process.on('message', (message) => message === 'shutdown' && resolve());
    process.once('disconnect', () => resolve());
  });
}
