/** The logo beside an institution's name; `digest` is the SHA-256 of the image, hex. */
export interface Logo {
  readonly digest: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface LogoReads {
  /** Null: none is set. */
  logoOf(institutionId: string): Promise<Logo | null>;
  /** PNG; null when no institution has it now. */
  logoImage(digest: string): Promise<Uint8Array | null>;
}
