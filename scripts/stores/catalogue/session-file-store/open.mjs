import sessionFileStore from 'session-file-store';

export default ({ session, folder }) => {
  const FileStore = sessionFileStore(session);
  // Its own log lines are not the app's.
  return new FileStore({ path: folder, logFn: () => {} });
};
