interface Props { name: string }
export const Greeting = ({ name }: Props) => <b>{name}</b>;
export function App() { return <Greeting name="x" />; }
