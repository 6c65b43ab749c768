// Wine 8 does not know the options of a socket that keep-alive sets, and fails to connect.
require('node:net').Socket.prototype.setKeepAlive = function () {
  return this;
};
