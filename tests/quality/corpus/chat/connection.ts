import { EventEmitter } from "node:events";

export interface Frame {
  kind: "text" | "ping" | "close";
  body: string;
}

/** A socket that reconnects with growing pauses until it is closed on purpose. */
export class Connection extends EventEmitter {
  private attempts = 0;
  private closing = false;

  constructor(private readonly url: string, private readonly open: (url: string) => WebSocket) {
    super();
  }

  connect(): void {
    const socket = this.open(this.url);
    socket.onopen = () => (this.attempts = 0);
    socket.onmessage = (event) => this.emit("frame", JSON.parse(event.data) as Frame);
    socket.onclose = () => this.closing || setTimeout(() => this.connect(), this.pause());
  }

  private pause(): number {
    this.attempts += 1;
    return Math.min(30_000, 250 * 2 ** this.attempts) * (0.5 + Math.random() / 2);
  }

  close(): void {
    this.closing = true;
  }
}
