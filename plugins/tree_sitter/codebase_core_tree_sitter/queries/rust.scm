(struct_item name: (type_identifier) @name) @type
(enum_item name: (type_identifier) @name) @type
(union_item name: (type_identifier) @name) @type
(trait_item name: (type_identifier) @name) @type
(type_item name: (type_identifier) @name) @type
(mod_item name: (identifier) @name) @namespace
(function_item name: (identifier) @name) @function
(function_signature_item name: (identifier) @name) @decl
(macro_definition name: (identifier) @name) @function
(impl_item type: (type_identifier) @name) @impl
(impl_item type: (generic_type type: (type_identifier) @name)) @impl
(const_item name: (identifier) @name) @const
(static_item name: (identifier) @name) @const
(enum_variant name: (identifier) @name) @field
(field_declaration name: (field_identifier) @name) @field
(use_declaration (visibility_modifier) argument: (scoped_identifier name: (identifier) @name)) @reexport
(use_declaration (visibility_modifier) argument: (use_as_clause alias: (identifier) @name)) @reexport
(use_declaration (visibility_modifier) argument: (scoped_use_list list: (use_list [(identifier) @name (scoped_identifier name: (identifier) @name) (use_as_clause alias: (identifier) @name)]))) @reexport
(use_declaration (visibility_modifier) argument: (scoped_use_list list: (use_list (scoped_use_list list: (use_list [(identifier) @name (use_as_clause alias: (identifier) @name)]))))) @reexport
(extern_crate_declaration alias: (identifier) @name) @reexport
(associated_type name: (type_identifier) @name) @type
(impl_item type: (scoped_type_identifier name: (type_identifier) @name)) @impl
(impl_item type: (reference_type type: (type_identifier) @name)) @impl
((macro_invocation macro: (identifier) @_make (token_tree (identifier) @_ref . (identifier) @name)) @const (#any-of? @_make "lazy_static" "thread_local") (#eq? @_ref "ref"))
((macro_invocation (token_tree "static" . (identifier) @name)) @const (#not-eq? @name "ref"))
(macro_invocation (token_tree "const" . (identifier) @name)) @const
(macro_invocation (token_tree "struct" . (identifier) @name)) @type
(macro_invocation (token_tree "enum" . (identifier) @name)) @type
(macro_invocation (token_tree "fn" . (identifier) @name)) @function
(macro_invocation (token_tree "trait" . (identifier) @name)) @type
(macro_invocation (token_tree "type" . (identifier) @name)) @type
(macro_invocation (token_tree "mod" . (identifier) @name)) @namespace
((macro_invocation (token_tree "static" . (identifier) @_ref . (identifier) @name)) @const (#eq? @_ref "ref"))
((macro_invocation macro: (identifier) @_make (token_tree (token_tree "const" . (identifier) @name)) @field) (#eq? @_make "bitflags"))
