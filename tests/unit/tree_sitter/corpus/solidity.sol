contract Token is ERC20 {
  uint256 public total;
  event Sent(address a);
  error Denied(address a);
  struct Slot { uint a; }
  enum State { On, Off }
  constructor() {}
  modifier onlyOwner() { _; }
  function mint(uint a) external {}
}
interface IToken { function burn() external; }
library MathX { }
