/** Commands of mongod that drivers and tools may send, and that the engine lacks. Any other name is unknown to mongod as well. */
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

/** Commands for replica sets. A standalone mongod refuses them, too. */
export const OF_REPLICA_SETS = new Set(
  (
    'replSetAbortPrimaryCatchUp replSetFreeze replSetGetConfig replSetGetRBID replSetGetStatus replSetHeartbeat replSetInitiate ' +
    'replSetMaintenance replSetReconfig replSetRequestVotes replSetResizeOplog replSetStepDown replSetStepUp replSetSyncFrom replSetUpdatePosition'
  ).split(' '),
);
