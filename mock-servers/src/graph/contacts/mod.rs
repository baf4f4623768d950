//! Contacts and the folders that they lie in.
//!
//! Folders are the collections of the user's account of contacts, contacts its items. The default
//! folder is there from the beginning; it is `/me/contacts`, and stands in no listing of folders.

mod create;
mod delete;
mod find;
mod folders;
mod get;
mod list;
mod render;
mod row;
mod stored;
mod update;

pub(super) use create::create;
pub(super) use delete::delete;
pub(super) use find::{find, folder, prepare};
pub(super) use folders::{
    create as create_folder, delete as delete_folder, extended, get as get_folder,
    list as list_folders, update as update_folder,
};
pub(super) use get::{get, photo};
pub(super) use list::list;
pub(super) use render::{contact, folder as render_folder};
pub(super) use stored::create as stored;
pub(super) use update::update;
