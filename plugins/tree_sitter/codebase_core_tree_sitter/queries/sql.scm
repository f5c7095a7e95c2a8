(create_table (object_reference name: (identifier) @name)) @type
(create_view (object_reference name: (identifier) @name)) @type
(create_materialized_view (object_reference name: (identifier) @name)) @type
(create_type (object_reference name: (identifier) @name)) @type
(create_schema (identifier) @name) @namespace
(create_index column: (identifier) @name) @const
(create_sequence (object_reference name: (identifier) @name)) @const
(create_function (object_reference name: (identifier) @name)) @function
(create_trigger (object_reference name: (identifier) @name)) @function
(create_procedure (object_reference name: (identifier) @name)) @function
(create_database (identifier) @name) @namespace
(create_role (identifier) @name) @const
(column_definition name: (identifier) @name) @field
(cte (identifier) @name) @type
(create_extension (identifier) @name) @const
