(from_instruction as: (image_alias) @name) @namespace
(arg_instruction name: (unquoted_string) @name) @const
(env_pair name: (unquoted_string) @name) @const
