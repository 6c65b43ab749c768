// Keeps a core busy until it is killed, and says when it begins. Plain JavaScript, because it starts without a compiler.
process.send('spins', () => {
  for (;;);
});
