// The build writes the module: the server's halves of the package's documents, by name.

export declare const issues: { readonly [name: string]: unknown };
