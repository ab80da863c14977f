// <KindredRecommendations catalogue="/items.csv" assets="/kindred/" :count="6" @select="…" />, for Vue 3.
// Attributes are the element's; ready, change, progress, select and error get its events.
import { defineComponent, h, onMounted, toHandlerKey } from 'vue';

const EVENTS = ['ready', 'change', 'progress', 'select', 'error'];

export const KindredRecommendations = defineComponent({
  name: 'KindredRecommendations',
  inheritAttrs: false,
  emits: EVENTS,
  setup(_props, { attrs, emit, slots }) {
    onMounted(() => import('kindred-recommender/element')); // not on a server
    const listeners = Object.fromEntries(
      EVENTS.map((name) => [toHandlerKey(name), (event) => event.target === event.currentTarget && emit(name, event)]),
    );
    return () => h('kindred-recommendations', { ...attrs, ...listeners }, slots.default?.());
  },
});
