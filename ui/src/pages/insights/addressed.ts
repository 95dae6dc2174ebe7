import { useEffect, useRef, useState } from "react";

// Typing changes the question with every letter; browsers allow some changes of the address a second.
export const ADDRESS_DELAY_MS = 250;

/**
 * A state that is there at once and in the address a moment later; an address that was gone to is read instead.
 *
 * Addresses that are written come back one after the other, on a busy machine later than the next change:
 * those on their way say nothing new.
 */
export function useAddressed<State>(address: string, write: (address: string) => void, read: (address: string) => State, text: (state: State) => string): [State, (state: State) => void] {
  const [state, setState] = useState(() => read(address));
  const coming = useRef([address]);
  const timer = useRef(0);
  useEffect(() => {
    const place = coming.current.indexOf(address);
    coming.current = coming.current.slice(place < 0 ? coming.current.length : place + 1);
    if (place >= 0) return;
    clearTimeout(timer.current);
    setState(read(address));
  }, [address, read]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: State) => {
    setState(next);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      coming.current.push(text(next));
      write(text(next));
    }, ADDRESS_DELAY_MS);
  };
  return [state, change];
}
