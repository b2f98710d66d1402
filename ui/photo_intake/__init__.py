"""What the page is made of on which a folder of photographs is sorted and confirmed."""
