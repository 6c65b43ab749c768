/** mongod's, and its drivers and tools may send them, but not the engine's. Any other name is unknown to mongod as well. */
export const REFUSED = new Set(
  (
    'abortTransaction analyze analyzeShardKey appendOplogNote applyOps authenticate autoCompact bulkWrite checkShardingIndex cleanupStructuredEncryptionData ' +
    'cloneCollectionAsCapped commitTransaction compact compactStructuredEncryptionData configureQueryAnalyzer connPoolStats connPoolSync convertToCapped ' +
    'coordinateCommitTransaction createRole createSearchIndexes createUser currentOp dataSize dbCheck dbHash dbhash driverOIDTest ' +
    'dropAllRolesFromDatabase dropAllUsersFromDatabase dropConnections dropRole dropSearchIndex dropUser features filemd5 flushRouterConfig fsync ' +
    'fsyncUnlock getAuditConfig getClusterParameter getDefaultRWConcern getDiagnosticData getShardMap getShardVersion grantPrivilegesToRole ' +
    'grantRolesToRole grantRolesToUser internalRenameIfOptionsAndIndexesMatch invalidateUserCache killOp listSearchIndexes lockInfo logApplicationMessage ' +
    'logRotate mapReduce mapreduce mergeChunks moveChunk oidcListKeys oidcRefreshKeys planCacheClear planCacheClearFilters planCacheListFilters ' +
    'planCacheSetFilter prepareTransaction profile reIndex revokePrivilegesFromRole revokeRolesFromRole revokeRolesFromUser rolesInfo ' +
    'rotateCertificates setAuditConfig setClusterParameter setDefaultRWConcern setFeatureCompatibilityVersion setIndexCommitQuorum setParameter ' +
    'setShardVersion setUserWriteBlockMode shardingState shutdown splitChunk splitVector startRecordingTraffic stopRecordingTraffic top ' +
    'updateRole updateSearchIndex updateUser validate validateDBMetadata whatsmysni'
  ).split(' '),
);

/** What is about replica sets. A mongod that stands alone refuses it, too. */
export const OF_REPLICA_SETS = new Set(
  (
    'replSetAbortPrimaryCatchUp replSetFreeze replSetGetConfig replSetGetRBID replSetGetStatus replSetHeartbeat replSetInitiate ' +
    'replSetMaintenance replSetReconfig replSetRequestVotes replSetResizeOplog replSetStepDown replSetStepUp replSetSyncFrom replSetUpdatePosition'
  ).split(' '),
);
