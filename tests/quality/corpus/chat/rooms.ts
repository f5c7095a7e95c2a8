export type Member = { id: string; nickname: string };

export class Room {
  private readonly members = new Map<string, Member>();
  private readonly backlog: string[] = [];

  constructor(readonly name: string, private readonly keep = 100) {}

  join(member: Member): string[] {
    this.members.set(member.id, member);
    return [...this.backlog];
  }

  leave(id: string): boolean {
    return this.members.delete(id);
  }

  post(id: string, text: string): void {
    const author = this.members.get(id);
    if (!author) throw new Error(`${id} is not in ${this.name}`);
    this.backlog.push(`${author.nickname}: ${text}`);
    if (this.backlog.length > this.keep) this.backlog.shift();
  }
}
