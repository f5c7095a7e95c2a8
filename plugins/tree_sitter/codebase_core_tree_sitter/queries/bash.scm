(function_definition name: (word) @name) @function
(program (variable_assignment name: (variable_name) @name) @const)
(program (declaration_command (variable_assignment name: (variable_name) @name) @const))
(command name: (command_name (word) @_alias) argument: (concatenation . (word) @name) (#eq? @_alias "alias")) @const
(program (declaration_command (variable_name) @name) @const)
