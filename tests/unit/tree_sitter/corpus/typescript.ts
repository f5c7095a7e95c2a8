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
export enum Direction { Up = 'UP', Down = 'DOWN', Left, 'quoted-member' }
const enum Flag { Aa = 1, Bb }
class Service { constructor(private readonly store: Store, public name?: string) {} get size(): number { return 1 } #hidden = 1; }
declare const VERSION: string;
declare module "lib" { export function open(): void }
export const { picked, renamed: local } = load();
var legacy = 1;
export const handlers = { 'on-key': () => 1, onTap() {} };
const make = class { run() {} };
interface Callable { (x: number): string; readonly [key: string]: unknown; method?(): void }
