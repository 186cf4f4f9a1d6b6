import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface Tab<Name extends string> {
  name: Name;
  title: string;
}

export interface TabsProps<Name extends string> {
  label: string;
  tabs: readonly Tab<Name>[];
  selected: Name;
  onSelect: (name: Name) => void;
  children: ComponentChildren;
}

/** Tabs with the keys of the ARIA pattern: arrows, Home and End move and select. */
export function Tabs<Name extends string>({ label, tabs, selected, onSelect, children }: TabsProps<Name>) {
  const id = useId();
  const select = (index: number, from: HTMLElement): void => {
    const tab = tabs.at(index % tabs.length);
    if (!tab) return;
    onSelect(tab.name);
    (from.parentElement?.children[tabs.indexOf(tab)] as HTMLElement | undefined)?.focus();
  };
  return (
    <div class="stack">
      <div class="tabs" role="tablist" aria-label={label}>
        {tabs.map(({ name, title }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === selected}
            aria-controls={`${id}-panel`}
            tabIndex={name === selected ? 0 : -1}
            onClick={() => onSelect(name)}
            onKeyDown={(event) => {
              const steps: Record<string, number> = {
                ArrowRight: index + 1,
                ArrowLeft: index - 1,
                Home: 0,
                End: tabs.length - 1,
              };
              const next = steps[event.key];
              if (next === undefined) return;
              event.preventDefault();
              select(next, event.currentTarget);
            }}
          >
            {title}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${selected}`}
        tabIndex={0}
        class="stack"
      >
        {children}
      </div>
    </div>
  );
}
