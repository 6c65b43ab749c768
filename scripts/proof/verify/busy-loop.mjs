// Keeps a core busy until it is killed, and reports when it begins. Plain JavaScript, so that it starts without a compiler.
process.send('spins', () => {
  for (;;);
});
