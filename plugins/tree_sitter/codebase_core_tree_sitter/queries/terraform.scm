(config_file (body (block (identifier) @_kind . (string_lit (template_literal)) . (string_lit (template_literal) @name)) @type))
(config_file (body (block (identifier) @_kind . (string_lit (template_literal) @name) . (block_start)) @type))
((config_file (body (block (identifier) @_kind (body (attribute (identifier) @name) @const)))) (#eq? @_kind "locals"))
(config_file (body (attribute (identifier) @name) @const))
