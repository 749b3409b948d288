/** What the layout gives every page; the parts may be missing on a page that failed early. */
export interface PortalLink {
  href: string;
  label: string;
}

export interface Portal {
  name: string;
  cityName: string;
  demo: boolean;
  help: { section: string; phone: string; hours: string };
}

export interface Viewer {
  name: string;
  areas: PortalLink[];
}
