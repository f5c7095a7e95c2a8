import { a } from './a.js';

export const LIMIT = 10;
const handler = (event) => event.target;

class Queue extends Base {
  #items = [];
  static create() { return new Queue(); }
  get length() { return this.#items.length; }
  onDone = () => {};
}

function* walk(tree) { yield tree; }
async function fetchAll(urls) { return urls; }
module.exports.close = function () {};
const routes = { list: () => [], show(id) { return id; } };
export { Frame, Packet as Parcel } from "./wire.js";
export * as wire from "./wire.js";
export { Local };
