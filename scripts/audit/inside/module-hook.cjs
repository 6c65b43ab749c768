'use strict';
const Module = require('node:module');

/**
 * Has hooks see modules of packages right after they were loaded, before whoever asked for them gets them.
 * @param {readonly { file: RegExp, change: (exports: any, path: string) => any }[]} hooks `file` is matched against a path with
 * forward slashes; `change` returns what to export instead, or undefined
 */
exports.afterLoading = (hooks) => {
  // And not load(): an ES module that imports the package gets what its exports were when load() ended.
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename, ...rest) {
    const result = compile.call(this, content, filename, ...rest);
    const path = filename.replaceAll('\\', '/');
    for (const { file, change } of hooks) {
      if (!file.test(path)) continue;
      try {
        this.exports = change(this.exports, path) ?? this.exports;
      } catch {
        // A package of a shape that nobody knows stays as it is.
      }
    }
    return result;
  };
};
