(module (module_statement (name) @name)) @namespace
(submodule (submodule_statement (name) @name)) @namespace
(program (program_statement (name) @name)) @function
(subroutine (subroutine_statement name: (name) @name)) @function
(function (function_statement name: (name) @name)) @function
(module_procedure (module_procedure_statement name: (name) @name)) @function
(derived_type_definition (derived_type_statement (type_name) @name)) @type
(derived_type_definition (variable_declaration declarator: (identifier) @name) @field)
(module (variable_declaration declarator: (identifier) @name) @const)
(module (variable_declaration declarator: (init_declarator left: (identifier) @name)) @const)
(interface (interface_statement (name) @name)) @decl
