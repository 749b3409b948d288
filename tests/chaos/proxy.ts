import net from 'node:net';

/** `before`: the server never sees the message. `after`: the server acts on it, and its answer is lost. */
export type Cut = { at: number; how: 'before' | 'after' };

export type Proxy = {
  /** The database's address, through the proxy. */
  url: string;
  /** Cuts the connection at the n-th message (from 0) sent from now on, once. Answers nothing; see `cuts`. */
  arm(cut: Cut): void;
  /** Lets everything pass again. Answers how many messages went by since it was armed. */
  disarm(): number;
  /** Replaces some bytes the pool sends by others of the same length. */
  rewrite(from: string, to: string): void;
  /** Swallows everything from now on, as a broken network would: nothing is refused, nothing is answered. */
  freeze(frozen: boolean): void;
  stop(): Promise<void>;
};

/** Stands between the pool and the server and breaks connections at an exact message. */
export async function startProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<net.Socket>();
  let cut: Cut | undefined;
  let seen = 0;
  let frozen = false;
  let words: { from: string; to: string } | undefined;
  const server = net.createServer((client) => {
    const upstream = net.connect({ host: hostname, port: Number(port), noDelay: true });
    let deaf = false;
    const end = () => (client.destroy(), upstream.destroy());
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => (sockets.delete(socket), end()));
    }
    client.on('data', (chunk) => {
      if (frozen) return;
      const now = cut?.at === seen ? cut : undefined;
      seen += 1;
      if (now) cut = undefined;
      if (now?.how === 'before') return end();
      if (now) deaf = true;
      upstream.write(words ? rewritten(chunk, words) : chunk);
    });
    upstream.on('data', (chunk) => {
      if (deaf) end();
      else if (!frozen) client.write(chunk);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = new URL(target);
  url.port = String((server.address() as net.AddressInfo).port);
  return {
    url: url.href,
    arm(next) {
      cut = next;
      seen = 0;
    },
    disarm() {
      cut = undefined;
      return seen;
    },
    rewrite(from, to) {
      words = { from, to };
    },
    freeze(value) {
      frozen = value;
    },
    async stop() {
      const closed = new Promise((done) => server.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    }
  };
}

function rewritten(chunk: Buffer, { from, to }: { from: string; to: string }): Buffer {
  return Buffer.from(chunk.toString('latin1').replace(from, to), 'latin1');
}
