// <KindredRecommendations catalogue="/items.csv" assets="/kindred/" count={6} onSelect={…} />, for React 18 and 19.
// Props are the element's attributes; onReady, onChange, onProgress, onSelect and onError get its events.
import { createElement, useEffect, useRef } from 'react';

const HANDLERS = { ready: 'onReady', change: 'onChange', progress: 'onProgress', select: 'onSelect', error: 'onError' };
const isHandler = (name) => Object.values(HANDLERS).includes(name);

export function KindredRecommendations({ children, ...props }) {
  const element = useRef(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const target = element.current;
    const tell = (event) => event.target === target && latest.current[HANDLERS[event.type]]?.(event);
    for (const name of Object.keys(HANDLERS)) target.addEventListener(name, tell);
    import('kindred-recommender/element'); // here, because effects do not run on a server
    return () => {
      for (const name of Object.keys(HANDLERS)) target.removeEventListener(name, tell);
    };
  }, []);
  const attributes = Object.fromEntries(Object.entries(props).filter(([name]) => !isHandler(name)));
  return createElement('kindred-recommendations', { ref: element, ...attributes }, children);
}
