(function_statement (function_name) @name) @function
(class_statement . (simple_name) @name) @type
(class_method_definition (simple_name) @name) @method
(class_property_definition (variable) @name) @field
(enum_member (simple_name) @name) @field
(enum_statement (simple_name) @name) @type
