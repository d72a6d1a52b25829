/* A secret that is shown once: masked, shown, copied, and gone when the page is left. */
{
}
