<?php
namespace Store;
const LIMIT = 10;
interface Closeable { public function close(): void; }
trait Retries { protected $times = 3; }
final class Pool implements Closeable {
    public function close(): void {}
    private static function make(int $size): self { return new self(); }
}
function open_pool(string $url) { return new Pool(); }
enum Suit: string { case Hearts = 'h'; const Wild = self::Hearts; }
class User { public function __construct(private string $name, public readonly int $age = 0) {} }
define('MAX_USERS', 10);
$settings = [];
