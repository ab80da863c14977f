// The look of the map.
import { css } from 'lit';

export const mapStyles = css`
  .row {
    align-items: end;
    gap: 0.6rem 1.2rem;
    margin-block-end: 0.6rem;
  }
  fieldset {
    display: flex;
    flex-wrap: wrap;
    gap: 0.2rem 1rem;
  }
  legend {
    font-size: 0.88rem;
    color: var(--_muted);
  }
  label {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-block-size: 44px;
  }
  .frame {
    position: relative;
    direction: ltr;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    overflow: hidden;
    background: var(--_ground);
  }
  #map {
    display: block;
    inline-size: 100%;
    block-size: min(70vh, 34rem);
    cursor: grab;
    touch-action: none;
  }
  #map:active {
    cursor: grabbing;
  }
  #map:focus-visible {
    outline-offset: -3px;
  }
  .tip {
    position: absolute;
    display: grid;
    max-inline-size: 16rem;
    margin: 12px;
    padding: 0.4rem 0.7rem;
    border: 1px solid var(--_control-line);
    border-radius: 8px;
    background: var(--_surface);
    pointer-events: none;
    overflow-wrap: anywhere;
  }
  .tip.before {
    translate: calc(-100% - 24px) 0;
  }
  .tip.above {
    translate: 0 calc(-100% - 24px);
  }
  .tip.before.above {
    translate: calc(-100% - 24px) calc(-100% - 24px);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem 1.1rem;
    margin: 0.7rem 0;
    padding: 0;
    list-style: none;
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
  }
  .liked {
    inline-size: 14px;
    block-size: 14px;
    border: 2px solid currentColor;
    border-radius: 50%;
  }
`;
