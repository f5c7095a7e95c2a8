export interface Options { retries: number; onError(e: Error): void }
export type Handler = (o: Options) => void;
export enum Level { Low, High }
export abstract class Client<T> {
  private base = '';
  constructor(readonly options: Options) {}
  abstract send(body: T): Promise<void>;
  retry = async () => {};
  protected parse(text: string): T { return JSON.parse(text); }
}
export const createClient = (o: Options) => o;
namespace Internal { export function helper() {} }
declare function external(a: string): void;
export { Frame, Packet as Parcel } from "./wire";
export * as wire from "./wire";
export { open as unlock };
export { Local };
