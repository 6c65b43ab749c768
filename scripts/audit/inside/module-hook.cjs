'use strict';
const Module = require('node:module');

/**
 * Passes modules of packages to hooks right after they were loaded, before their importers get them.
 * @param {readonly { file: RegExp, change: (exports: any, path: string) => any }[]} hooks `file` is matched against a path with
 * forward slashes; `change` returns what to export instead, or undefined
 */
exports.afterLoading = (hooks) => {
  // Not in load(): an ES module that imports the package gets its exports as they are when load() ends.
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    const result = compile.call(this, content, filename, ...rest);
    const path = filename.replaceAll('\\', '/');
    for (const { file, change } of hooks) {
      if (!file.test(path)) continue;
      try {
        this.exports = change(this.exports, path) ?? this.exports;
      } catch {
        // A package of an unknown shape does not change.
      }
    }
    return result;
  };
};
