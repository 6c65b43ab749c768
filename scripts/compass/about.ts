import { ADDRESS } from './tunnel.ts';

/** Compass wants the form of an ObjectId. The page (start.js) has the same. */
const PROJECT = '000000000000000000000001';
const CONNECTION = 'workshop';

/** What Compass is to know of the database. */
export interface Shown {
  /** The connection string without its password, for "copy connection string". */
  readonly shownUri: string;
  /** The database in which the sessions are. */
  readonly database: string;
  /** What Compass calls the connection. */
  readonly name: string;
  readonly mayWrite: boolean;
}

/** Where Compass is to begin: the documents of the collection `sessions`. */
export function firstPlace({ database }: Shown): string {
  return `/explorer/${CONNECTION}/${encodeURIComponent(database)}/sessions/find`;
}

/** What Compass asks about its user. The role decides which buttons it shows; what they may do is decided in allowed.ts. */
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
      // Compass leaves out a connection without these. All of it is about hosted clusters, and none of it is true here.
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
