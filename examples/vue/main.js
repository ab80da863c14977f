// A page with the wrapper: how many items there are is said above the list, and a button changes how many cards there are.
import { createApp, h, ref } from 'vue';
import { KindredRecommendations } from './kindred-recommendations.js';

const page = {
  setup() {
    const count = ref(3);
    const said = ref('Loading');
    const more = () => {
      count.value++;
    };
    const settings = {
      catalogue: 'items.csv',
      assets: 'kindred/',
      onReady: ({ detail }) => {
        said.value = `${detail.itemCount} items`;
      },
      onError: ({ detail }) => {
        said.value = detail.message;
      },
    };
    return () =>
      h('main', [
        h('h1', 'Kindred in Vue'),
        h('p', { role: 'status' }, said.value),
        h('button', { type: 'button', onClick: more }, 'One more'),
        h(KindredRecommendations, { ...settings, count: count.value }, () => h('p', 'Recommendations come here.')),
      ]);
  },
};

createApp(page).mount('#root');
