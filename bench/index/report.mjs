export const pageText = () => "draft";
