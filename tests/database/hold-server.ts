import { startEmbedded } from '../../db/embedded.ts';

// A process of its own that starts the embedded server in a folder, says so, and waits: to be killed, or told to stop.
const [dataDir, binariesRoot] = process.argv.slice(2);
const server = await startEmbedded({ dataDir: dataDir!, quiet: true, ...(binariesRoot ? { binariesRoot } : {}) });
console.log(JSON.stringify({ ownerUrl: server.ownerUrl, port: server.port, adopted: server.adopted, uid: process.getuid?.() }));
process.stdin.once('data', () => {
  void server.stop().then(() => process.exit(0));
});
