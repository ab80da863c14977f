// A page with the wrapper: how many items there are is said above the list, and a button changes how many cards there are.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { KindredRecommendations } from './kindred-recommendations.jsx';

function Page() {
  const [count, setCount] = useState(3);
  const [said, setSaid] = useState('Loading');
  return (
    <main>
      <h1>Kindred in React</h1>
      <p role="status">{said}</p>
      <button type="button" onClick={() => setCount(count + 1)}>
        One more
      </button>
      <KindredRecommendations
        catalogue="items.csv"
        assets="kindred/"
        count={count}
        onReady={({ detail }) => setSaid(`${detail.itemCount} items`)}
        onError={({ detail }) => setSaid(detail.message)}
      >
        <p>Recommendations come here.</p>
      </KindredRecommendations>
    </main>
  );
}

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
