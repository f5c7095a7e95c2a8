defmodule Store.Pool do
  @limit 10
  def open(url), do: url
  defp helper, do: :ok
  def drain(pool) when is_list(pool) do
    pool
  end
  defmacro retry(block), do: block
end
defprotocol Store.Closeable do
  def close(it)
end
defmodule Store.Pool.Query do
  def run(it), do: it
  defmodule Plan do
    def made(it), do: it
  end
end
defmodule Acme.User do
  @timeout 5_000
  @type user_t :: %__MODULE__{}
  @type pair(a) :: {a, a}
  @callback init(x :: term) :: :ok
  defstruct [:name, age: 0]
  def no_args when 1 == 1, do: 1
  defmacro left <~> right, do: {left, right}
end
