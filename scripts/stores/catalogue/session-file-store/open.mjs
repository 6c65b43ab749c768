import sessionFileStore from 'session-file-store';

export default ({ session, folder }) => {
  const FileStore = sessionFileStore(session);
  // Without its own log lines.
  return new FileStore({ path: folder, logFn: () => {} });
};
