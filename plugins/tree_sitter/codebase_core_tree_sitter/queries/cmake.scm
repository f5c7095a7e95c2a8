(function_def (function_command (argument_list . (argument) @name))) @function
(macro_def (macro_command (argument_list . (argument) @name))) @function
((normal_command (identifier) @_command (argument_list . (argument) @name)) @type (#match? @_command "^[Aa][Dd][Dd]_([Ll][Ii][Bb][Rr][Aa][Rr][Yy]|[Ee][Xx][Ee][Cc][Uu][Tt][Aa][Bb][Ll][Ee]|[Cc][Uu][Ss][Tt][Oo][Mm]_[Tt][Aa][Rr][Gg][Ee][Tt])$"))
((normal_command (identifier) @_command (argument_list . (argument) @name)) @const (#match? @_command "^([Ss][Ee][Tt]|[Oo][Pp][Tt][Ii][Oo][Nn]|set_property)$"))
((normal_command (identifier) @_command (argument_list . (argument) @name)) @namespace (#match? @_command "^[Pp][Rr][Oo][Jj][Ee][Cc][Tt]$"))
