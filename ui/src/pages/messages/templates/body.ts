import type { Body, Content, Medium, Sample } from "../common/types";

/** Where somebody writes: one language of one variant. */
export interface Place {
  variant: string;
  language: string;
}

/** Nothing yet, in one language. */
export function blankContent(medium: Medium): Content {
  switch (medium) {
    case "email":
      return { medium, subject: "", mjml: BLANK_MAIL };
    case "sms":
      return { medium, text: "" };
    case "push":
      return { medium, title: "", body: "" };
    case "bot":
      return { medium, title: "", markdown: "" };
    case "in_app":
      return { medium, form: "banner", title: "", body: "" };
    case "webhook":
      return { medium, payload: '{\n  "person_id": {{ person.distinct_id | json }}\n}' };
  }
}

const BLANK_MAIL = `<mjml>
  <mj-body background-color="#f2f4f8">
    <mj-section background-color="#ffffff" padding="32px 24px">
      <mj-column>
        <mj-text font-size="16px" line-height="1.7">Hello {{ person.name | default: 'friend' }}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text align="center" font-size="12px" color="#626c7c"><a href="{{ links.unsubscribe }}">Unsubscribe</a></mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

export function blankBody(medium: Medium, language: string): Body {
  return { default_language: language, fallbacks: [], variants: { a: { [language]: blankContent(medium) } } } as unknown as Body;
}

export function contentAt(body: Body, place: Place): Content | undefined {
  return body.variants[place.variant]?.[place.language] as Content | undefined;
}

/** The body with other fields at a place. */
export function withContent(body: Body, place: Place, content: Content): Body {
  const variant = { ...body.variants[place.variant], [place.language]: content };
  return { ...body, variants: { ...body.variants, [place.variant]: variant } } as Body;
}

/** All languages of all variants, the default first. */
export function languagesOf(body: Body): string[] {
  const all = Object.values(body.variants).flatMap((contents) => Object.keys(contents));
  return [...new Set([body.default_language, ...all])];
}

/** A language more, in every variant, beginning with what is at a place. */
export function withLanguage(body: Body, place: Place, language: string): Body {
  const variants = Object.fromEntries(
    Object.entries(body.variants).map(([name, contents]) => {
      const from = contents[place.language] ?? Object.values(contents)[0];
      return [name, { ...contents, [language]: contents[language] ?? from }];
    }),
  );
  return { ...body, variants } as Body;
}

/** A language less; a variant that had no other is gone, too. */
export function withoutLanguage(body: Body, language: string): Body {
  const variants = Object.fromEntries(
    Object.entries(body.variants)
      .map(([name, contents]) => [name, Object.fromEntries(Object.entries(contents).filter(([each]) => each !== language))] as const)
      .filter(([, contents]) => Object.keys(contents).length > 0),
  );
  const left = [...new Set(Object.values(variants).flatMap((contents) => Object.keys(contents)))];
  const kept = body.default_language === language ? (left[0] ?? language) : body.default_language;
  return { ...body, default_language: kept, fallbacks: (body.fallbacks ?? []).filter((each) => each !== language), variants } as Body;
}

/** A variant more, which begins as another; its name is the next letter that is free. */
export function withVariant(body: Body, like: string): { body: Body; variant: string } {
  const variant = [..."abcdefghijklmnopqrst"].find((letter) => !(letter in body.variants)) ?? `v${Object.keys(body.variants).length}`;
  return { variant, body: { ...body, variants: { ...body.variants, [variant]: { ...body.variants[like] } } } as Body };
}

export function withoutVariant(body: Body, variant: string): Body {
  return { ...body, variants: Object.fromEntries(Object.entries(body.variants).filter(([name]) => name !== variant)) } as Body;
}

/** A place that the body has, as near to the wanted one as can be. */
export function placeIn(body: Body, wanted: Partial<Place>): Place {
  const names = Object.keys(body.variants);
  const variant = wanted.variant !== undefined && names.includes(wanted.variant) ? wanted.variant : (names[0] ?? "a");
  const languages = Object.keys(body.variants[variant] ?? {});
  const language = [wanted.language, body.default_language].find((each) => each !== undefined && languages.includes(each)) ?? languages[0];
  return { variant, language: language ?? body.default_language };
}

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** How Liquid names a property, level by level. */
export function pathOf(root: string, name: string): string {
  return name.split(".").reduce((path, level) => (PLAIN.test(level) ? `${path}.${level}` : `${path}["${level.replaceAll('"', "")}"]`), root);
}

/** Writes a value out, with an empty text where there is none. */
export function output(path: string): string {
  return `{{ ${path} | default: '' }}`;
}

/** Whom templates are looked at with unless somebody says otherwise. */
export function plainSample(language: string): Sample {
  const chinese = language.toLowerCase().startsWith("zh");
  return {
    person: { name: chinese ? "陈晓" : "Ann", city: chinese ? "上海" : "London", language },
    event: {},
    campaign: { name: chinese ? "会员日" : "Members' day", offer: { code: "VIP20" } },
  };
}
