import { ADDRESS } from './tunnel.ts';

/** An ID in the form of an ObjectId, which Compass requires. start.js has the same one. */
const PROJECT = '000000000000000000000001';
const CONNECTION = 'workshop';

/** The data that Compass gets about the database. */
export interface Shown {
  /** The connection string without its password, for "copy connection string". */
  readonly shownUri: string;
  /** The database with the sessions. */
  readonly database: string;
  /** The name that Compass shows for the connection. */
  readonly name: string;
  readonly mayWrite: boolean;
}

/** The page that Compass opens first: the documents of the collection `sessions`. */
export function firstPlace({ database }: Shown): string {
  return `/explorer/${CONNECTION}/${encodeURIComponent(database)}/sessions/find`;
}

/** The user that Compass gets. The role decides which buttons are shown; allowed.ts decides what is allowed. */
export function preferences({ mayWrite }: Shown) {
  return {
    userAuid: '',
    appUser: { isOptedIntoDataExplorerGenAIFeatures: false, timeZoneId: 'UTC' },
    currentOrganization: { genAIFeaturesEnabled: false },
    userRoles: mayWrite ? { isDataAccessWrite: true } : { isDataAccessAny: true },
    featureFlags: {
      trackUsageStatistics: false,
      enableGenAIFeatures: false,
      enableGuideCues: false,
      enablePerformanceAdvisorBanner: false,
      showInsights: false,
    },
  };
}

/** The connections that Compass lists: one. */
export function connections({ shownUri, name }: Shown) {
  const connectionString = `mongodb://${ADDRESS.host}:${ADDRESS.port}/?directConnection=true`;
  return [
    {
      id: CONNECTION,
      connectionOptions: { connectionString },
      favorite: { name },
      // Compass does not list a connection without these fields. They describe hosted clusters and mean nothing here.
      atlasMetadata: {
        orgId: PROJECT,
        projectId: PROJECT,
        clusterUniqueId: CONNECTION,
        clusterName: name,
        clusterType: 'REPLICASET',
        clusterState: 'IDLE',
        metricsId: CONNECTION,
        metricsType: 'replicaSet',
        regionalBaseUrl: null,
        supports: { globalWrites: false, rollingIndexes: false },
        userConnectionString: shownUri,
      },
    },
  ];
}
