// Entry of the page: defines <kindred-app>, which stands in index.html.
import './kindred-app.ts';
